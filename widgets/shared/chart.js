// A chart of a training: lines over its steps as SVG, a menu of what to draw,
// and below it the values at the chosen step beside the data's own.

import { make, NO_SHORTCUTS } from "./dom.js";
import { chartOf, chartWords, niceTicks, pathOf, scale, signedPoints, tickWords, valueAt,
  valueWords } from "./curves.js";

const HEIGHT = 176; // px
const EDGE = { top: 10, right: 12, bottom: 22 };

/** The namespace of SVG, asked of the browser: bundles name no address at all. */
const svgNamespace = () => {
  const template = document.createElement("template");
  template.innerHTML = "<svg></svg>";
  return template.content.firstChild.namespaceURI;
};
const SVG = svgNamespace();

const draw = (tag, attributes = {}, ...children) => {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
};

// A line is known by its sign, not by its colour alone: circle, square, triangle, rhombus.
const SIGNS = [
  (x, y, r) => draw("circle", { cx: x, cy: y, r }),
  (x, y, r) => draw("rect", { x: x - r * 0.9, y: y - r * 0.9, width: r * 1.8, height: r * 1.8 }),
  (x, y, r) => draw("path", { d: `M${x} ${y - r * 1.2}l${r * 1.15} ${r * 2}h${-r * 2.3}z` }),
  (x, y, r) => draw("path", { d: `M${x} ${y - r * 1.3}l${r * 1.3} ${r * 1.3}l${-r * 1.3} `
    + `${r * 1.3}l${-r * 1.3} ${-r * 1.3}z` }),
];
const signOf = (track, x, y, radius) => SIGNS[track % SIGNS.length](x, y, radius);
const colourOf = (track) => `var(--dc-curve-${track % 4})`;

/**
 * @param label what the menu is for, "Curves of the losses"
 * @param onPick called with a step when somebody points into the chart
 */
export const createChart = ({ label, onPick, signal }) => {
  const menu = make("select", { class: "dc-select", "aria-label": label, ...NO_SHORTCUTS });
  const picture = draw("svg", { class: "dc-chart-picture", role: "img", height: HEIGHT });
  const ground = draw("g");
  const now = draw("g", { class: "dc-chart-now" });
  picture.append(ground, now);
  const values = make("tbody", {});
  const head = make("tr", {}, make("td", {}), make("th", { scope: "col", text: "here" }),
    make("th", { scope: "col", text: "┄ data", title: "The data's own value: the dashed line" }));
  const table = make("table", { class: "dc-values" }, make("thead", {}, head), values);
  const element = make("section", { class: "dc-chart", "aria-label": label },
    make("div", { class: "dc-chart-head" }, menu), picture, table);

  let panels = [];
  let rows = [];
  let reference = {};
  let step = 0;
  let width = 0;
  let chart = chartOf([], null, {});
  let [x, y] = [() => 0, () => 0];

  const panel = () => panels[menu.selectedIndex] ?? panels[0];

  const drawSign = (track, place, value, radius) => {
    const sign = signOf(track, x(place), y(value), radius);
    sign.style.fill = colourOf(track);
    sign.setAttribute("class", "dc-sign");
    return sign;
  };

  /** The part that moves with the slider: a line, a sign on each curve, the values. */
  const drawNow = () => {
    const shown = Math.min(step, chart.x[1]);
    const line = draw("line", { x1: x(shown), x2: x(shown), y1: EDGE.top - 4,
      y2: HEIGHT - EDGE.bottom });
    const found = chart.lines.map((one) => ({ ...one, value: valueAt(one.exact, step),
      drawn: valueAt(one.points, step) ?? one.points[0][1] }));
    now.replaceChildren(line, ...found.filter(({ value }) => value !== null)
      .map(({ track, drawn }) => drawSign(track, shown, drawn, 5.5)));
    [...values.rows].forEach((row, i) => {
      row.cells[1].textContent = valueWords(found[i].value, chart.isShare);
    });
    picture.setAttribute("aria-label", chartWords(panel()?.title ?? label, chart, step));
  };

  const drawTable = () => {
    table.classList.toggle("dc-no-data", chart.lines.every(({ data }) => data === null));
    values.replaceChildren(...chart.lines.map(({ track, label: name, data }) => {
      const key = draw("svg", { width: 22, height: 12, "aria-hidden": "true" },
        draw("line", { x1: 0, x2: 22, y1: 6, y2: 6, class: "dc-curve" }), signOf(track, 11, 6, 4));
      key.style.color = colourOf(track);
      return make("tr", {},
        make("th", { scope: "row" }, key, make("span", { text: name })),
        make("td", {}),
        make("td", { text: data === null ? "" : valueWords(data, chart.isShare) }));
    }));
  };

  const drawGround = () => {
    chart = chartOf(rows, panel(), reference);
    const yTicks = niceTicks(...chart.y, 4);
    const size = yTicks.length > 1 ? yTicks[1] - yTicks[0] : 1;
    const words = yTicks.map((tick) => tickWords(tick, chart.isShare, size));
    const left = 10 + 6.4 * Math.max(3, ...words.map((text) => text.length));
    x = scale(chart.x, [left, Math.max(left + 20, width - EDGE.right)]);
    y = scale(chart.y, [HEIGHT - EDGE.bottom, EDGE.top]);
    const right = width - EDGE.right;
    const text = (at, up, anchor, content) => {
      const element = draw("text", { x: at, y: up, "text-anchor": anchor });
      element.textContent = content;
      return element;
    };
    const level = yTicks.flatMap((tick, i) => [
      draw("line", { x1: left, x2: right, y1: y(tick), y2: y(tick), class: "dc-grid" }),
      text(left - 6, y(tick) + 4, "end", words[i])]);
    const xTicks = niceTicks(...chart.x, Math.max(2, Math.floor((right - left) / 90)))
      .filter(Number.isInteger);
    const upright = xTicks.flatMap((tick) => [
      draw("line", { x1: x(tick), x2: x(tick), y1: HEIGHT - EDGE.bottom,
        y2: HEIGHT - EDGE.bottom + 4, class: "dc-grid" }),
      text(Math.min(x(tick), right + 8), HEIGHT - 5,
        tick === 0 ? "start" : x(tick) > right - 16 ? "end" : "middle",
        tick.toLocaleString("en-US"))]);
    const curves = chart.lines.flatMap(({ track, points, data }) => {
      const curve = draw("path", { d: pathOf(points, x, y), class: "dc-curve" });
      const own = data === null ? [] : [draw("line", { x1: left, x2: right, y1: y(data),
        y2: y(data), class: "dc-data" })];
      [curve, ...own].forEach((line) => { line.style.color = colourOf(track); });
      return [...own, curve, ...signedPoints(points, 7, track)
        .map(([place, value]) => drawSign(track, place, value, 3.2))];
    });
    ground.replaceChildren(...level, ...upright, ...curves);
    if (!chart.lines.length) {
      ground.append(text((left + right) / 2, HEIGHT / 2, "middle", "nothing measured yet"));
    }
    picture.setAttribute("viewBox", `0 0 ${Math.max(width, 1)} ${HEIGHT}`);
    drawTable();
    drawNow();
  };

  const sizes = new ResizeObserver(() => {
    const next = Math.round(picture.getBoundingClientRect().width);
    if (next === width || !next) return;
    width = next;
    drawGround();
  });
  sizes.observe(element);
  menu.addEventListener("change", drawGround, { signal });
  const pick = (event) => {
    const { left } = picture.getBoundingClientRect();
    const [first, last] = [x(chart.x[0]), x(chart.x[1])];
    const share = (event.clientX - left - first) / (last - first);
    onPick(Math.min(1, Math.max(0, share)) * chart.x[1]);
  };
  picture.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    picture.setPointerCapture(event.pointerId);
    pick(event);
  }, { signal });
  picture.addEventListener("pointermove", (event) => {
    if (picture.hasPointerCapture(event.pointerId)) pick(event);
  }, { signal });

  return {
    element,
    setPanels: (next) => {
      if (JSON.stringify(next) === JSON.stringify(panels)) return;
      const chosen = panel()?.title;
      panels = next;
      menu.replaceChildren(...panels.map(({ title }) => make("option", { text: title })));
      menu.selectedIndex = Math.max(0, panels.findIndex(({ title }) => title === chosen));
      element.hidden = !panels.length;
    },
    setRows: (next, data) => {
      [rows, reference] = [next, data];
      drawGround();
    },
    setStep: (next) => {
      step = next;
      drawNow();
    },
    close: () => sizes.disconnect(),
  };
};
