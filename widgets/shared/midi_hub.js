// The MIDI devices of the browser: one list for the whole page, asked for on a click. A
// device plays one widget at a time, the one that was touched last, so that two widgets
// (and two tabs) never sound together.

const PAGE_MIDI = Symbol.for("deepcomposer-edu.midi");
const THROUGH_PYTHON = "press Through Python if Python runs on the computer that the keyboard "
  + "is plugged into";
const REFUSED = "The browser refused access to MIDI devices. Allow MIDI for this page beside "
  + "its address, then press Connect again.";

/** Why Web MIDI can't be had, and what to do instead. Pure. */
export const midiProblem = (state) => ({
  missing: "This browser has no Web MIDI (Safari never does). Use Chrome, Edge or Firefox, "
    + `or ${THROUGH_PYTHON}.`,
  insecure: "Browsers give MIDI only to pages on https or localhost, and this page is on "
    + `neither. Open it by https, or ${THROUGH_PYTHON}.`,
  NotAllowedError: REFUSED,
  SecurityError: REFUSED,
  InvalidStateError: "This computer offers the browser no MIDI system. Close programs that "
    + `hold the MIDI device and try again, or ${THROUGH_PYTHON}.`,
}[state] ?? `MIDI can't be opened in this browser (${state}). Try again, or ${THROUGH_PYTHON}.`);

/**
 * What to say about the devices that are there. Pure.
 * @param devices [{name, isMine, problem}]; `isMine` says that it plays this widget
 */
export const midiStatus = (devices, isElsewhere = false) => {
  const named = (list) => list.map(({ name }) => name).join(", ");
  const [held, free] = [devices.filter((d) => d.problem), devices.filter((d) => !d.problem)];
  const [mine, others] = [free.filter((d) => d.isMine), free.filter((d) => !d.isMine)];
  if (!devices.length) {
    return "MIDI is ready, but no keyboard is plugged in. Plug one in: it is found by itself.";
  }
  return [
    mine.length && `MIDI keyboard connected: ${named(mine)}.`,
    others.length && `${named(others)} plays ${isElsewhere ? "another tab" : "another piano on "
      + "this page"} now; click this piano to take it back.`,
    held.length && `${named(held)} can't be opened: close the program that uses it, then `
      + "press Connect again.",
  ].filter(Boolean).join(" ");
};

/** The ports that are plugged in, with names that differ: "Keys", "Keys (2)". */
const namedPorts = (inputs) => {
  const seen = new Map();
  return inputs.filter((port) => port.state === "connected").map((port) => {
    const name = port.name || "MIDI device";
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { port, name: count > 1 ? `${name} (${count})` : name };
  });
};

/**
 * @param request promises the browser's MIDIAccess; undefined where there is none
 * @param pages what tells other tabs of this page's taking: postMessage, onmessage
 *
 * A client of the hub is an object {wants(name), hear(bytes, name, time), letGo(name),
 * changed()}: which devices it listens to, a message, "end what this device holds", and
 * "the devices or their owner changed".
 */
export const createMidiHub = ({ request, isSecure = () => true, pages = null }) => {
  let access = null;
  let asking = null;
  let clients = []; // the one that was touched last stands last
  let devices = []; // {port, name, player, isOpen, problem}
  let isElsewhere = false; // another tab took the devices
  let isTold = false; // the other tabs know that they are here

  const portsNow = () => namedPorts(access ? [...access.inputs.values()] : []);
  const isSame = (a, b) => a.port === b.port && a.name === b.name;

  const playerOf = (name) =>
    (isElsewhere ? undefined : clients.findLast((client) => client.wants(name)));

  const close = (device) => {
    device.port.onmidimessage = null;
    device.isOpen = false;
    device.port.close?.()?.catch?.(() => {});
  };

  const open = async (device) => {
    device.isOpen = true;
    device.port.onmidimessage = (event) =>
      device.player?.hear(event.data, device.name, event.timeStamp);
    try {
      await device.port.open?.();
      device.problem = "";
    } catch (error) { // on Windows one program alone may hold a device
      device.problem = error.name;
      close(device);
    }
  };

  const setPlayers = () => devices.forEach((device) => {
    const player = playerOf(device.name);
    if (device.player !== player) device.player?.letGo(device.name);
    device.player = player;
  });

  const tell = () => clients.forEach((client) => client.changed());

  /** Make true what should be: who plays what, which ports are open. */
  const refresh = async () => {
    const now = portsNow();
    const gone = devices.filter((device) => !now.some((one) => isSame(one, device)));
    devices = now.map((one) => devices.find((device) => isSame(one, device))
      ?? { ...one, problem: "" });
    gone.forEach((device) => {
      device.player?.letGo(device.name);
      close(device);
    });
    setPlayers();
    const isWanted = ({ name }) => clients.some((client) => client.wants(name));
    devices.filter((device) => device.isOpen && !isWanted(device)).forEach(close);
    const opening = devices.filter((device) => !device.isOpen && !device.problem
      && isWanted(device)).map(open);
    tell();
    if (!opening.length) return;
    await Promise.all(opening);
    tell();
  };

  // Opening and closing a port are changes of state, too, of which nothing follows.
  const plugged = () => {
    const now = portsNow();
    const isNew = now.length !== devices.length
      || now.some((one, i) => !isSame(one, devices[i]));
    if (isNew) refresh();
  };

  const announce = () => {
    if (isTold || !clients.length) return;
    isTold = true;
    pages?.postMessage("taken");
  };

  if (pages) {
    pages.onmessage = () => {
      isTold = false;
      isElsewhere = true;
      setPlayers();
      tell();
    };
  }

  const hub = {
    /** "ready", "missing", "insecure" or the name of the error. */
    connect: async (client) => {
      try {
        asking ??= request();
        if (!asking) return isSecure() ? "missing" : "insecure";
        access = await asking;
      } catch (error) {
        asking = null;
        return error.name;
      }
      access.addEventListener("statechange", plugged);
      devices.forEach((device) => { device.problem = ""; }); // try again what was held
      clients = [...clients.filter((other) => other !== client), client];
      isElsewhere = false;
      announce();
      await refresh();
      return "ready";
    },

    disconnect: (client) => {
      if (!clients.includes(client)) return;
      clients = clients.filter((other) => other !== client);
      if (!clients.length) {
        access.removeEventListener("statechange", plugged);
        isTold = false;
      }
      refresh();
    },

    /** The client was touched: it gets the devices that it wants. */
    take: (client) => {
      if (!clients.includes(client)) return;
      announce();
      if (clients.at(-1) === client && !isElsewhere) return;
      isElsewhere = false;
      clients = [...clients.filter((other) => other !== client), client];
      setPlayers();
      tell();
    },

    /** The page itself was touched: what played here before plays here again. */
    takeBack: () => hub.take(clients.at(-1)),

    /** What a client wants has changed. */
    refresh,

    /** The devices there are: [{name, isMine, isWanted, problem}]. */
    devices: (client) => devices.map(({ name, player, problem }) =>
      ({ name, isMine: player === client, isWanted: client.wants(name), problem })),

    isElsewhere: () => isElsewhere,
  };
  return hub;
};

const createPageHub = () => {
  const pages = typeof BroadcastChannel === "undefined" ? null
    : new BroadcastChannel("deepcomposer-edu.midi");
  const hub = createMidiHub({
    request: () => navigator.requestMIDIAccess?.(),
    isSecure: () => globalThis.isSecureContext !== false,
    pages,
  });
  globalThis.addEventListener?.("focus", hub.takeBack);
  return hub;
};

/** The one hub of this page, shared by all widgets on it. */
export const pageMidi = () => (globalThis[PAGE_MIDI] ??= createPageHub());
