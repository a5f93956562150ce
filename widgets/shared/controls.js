// What a MIDI knob can be learnt for beyond the piano itself: any widget on the page may
// offer its sliders and buttons here, and takes them back when it goes.

const CONTROLS = Symbol.for("deepcomposer-edu.controls");

const createControls = () => {
  const offered = new Map(); // name -> {name, label, kind, set, press}
  const listeners = new Set();
  const changed = () => listeners.forEach((listener) => listener());
  return {
    /**
     * Offer a target; a name that is there already is replaced.
     * @param target {name, label, kind: "slider" | "button", set(value 0..1), press(), get()};
     *   `get` is optional and gives the value, 0..1, that endless knobs start from.
     * @returns how to withdraw it
     */
    offer: (target) => {
      offered.set(target.name, target);
      changed();
      return () => {
        if (offered.get(target.name) !== target) return;
        offered.delete(target.name);
        changed();
      };
    },
    find: (name) => offered.get(name),
    list: () => [...offered.values()],
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
};

/** The one list of controls of this page, shared by all widgets on it. */
export const pageControls = () => (globalThis[CONTROLS] ??= createControls());

const tell = (input, type) => input.dispatchEvent(new Event(type, { bubbles: true }));

/** A value from 0 to 1 on the scale of a slider, on one of its steps. */
export const onScale = (share, { min, max, step }) => {
  const value = min + (max - min) * Math.min(1, Math.max(0, share));
  if (!(step > 0)) return value;
  const digits = (String(step).split(".")[1] ?? "").length;
  return Number(Math.min(max, min + Math.round((value - min) / step) * step).toFixed(digits));
};

/** Offer an <input type="range">: it moves, and says "input" and "change" as by hand. */
export const offerSlider = (input, { name, label }, controls = pageControls()) => {
  const scale = () => ({ min: Number(input.min || 0), max: Number(input.max || 100),
    step: input.step === "any" ? 0 : Number(input.step || 1) });
  return controls.offer({
    name, label, kind: "slider",
    get: () => {
      const { min, max } = scale();
      return max > min ? (Number(input.value) - min) / (max - min) : 0;
    },
    set: (share) => {
      const value = String(onScale(share, scale()));
      if (input.disabled || value === input.value) return;
      input.value = value;
      tell(input, "input");
      tell(input, "change");
    },
  });
};

/** Offer a button: it is clicked. */
export const offerButton = (button, { name, label }, controls = pageControls()) =>
  controls.offer({ name, label, kind: "button", press: () => button.click() });
