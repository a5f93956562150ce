import assert from "node:assert/strict";
import { test } from "node:test";
import { createMidiHub, midiProblem, midiStatus } from "../../../widgets/shared/midi_hub.js";

/** A browser's MIDI system with devices that can be plugged in and pulled. */
const setUp = (...names) => {
  const access = new EventTarget();
  access.inputs = new Map();
  const tell = (port) => access.dispatchEvent(Object.assign(new Event("statechange"), { port }));
  const plug = (name, held = false) => {
    const port = { id: `${name}${access.inputs.size}`, name, type: "input", state: "connected",
      isOpen: false, onmidimessage: null,
      open: async () => {
        if (held) throw new DOMException("held", "InvalidAccessError");
        port.isOpen = true;
        tell(port); // a browser says "statechange" for an opened port, too
      },
      close: async () => { port.isOpen = false; } };
    access.inputs.set(port.id, port);
    tell(port);
    return port;
  };
  const pull = (port) => {
    port.state = "disconnected";
    access.inputs.delete(port.id);
    tell(port);
  };
  const ports = names.map((name) => plug(name));
  const pages = { sent: [], postMessage: (message) => pages.sent.push(message) };
  const hub = createMidiHub({ request: async () => access, pages });
  return { hub, access, plug, pull, ports, pages };
};

const createClient = (choice = "") => {
  const client = { choice, heard: [], letGoOf: [], nChanges: 0,
    wants: (name) => ["", name].includes(client.choice),
    hear: (bytes, name) => client.heard.push([name, ...bytes]),
    letGo: (name) => client.letGoOf.push(name),
    changed: () => { client.nChanges += 1; } };
  return client;
};

const play = (port, ...bytes) => port.onmidimessage?.({ data: bytes, timeStamp: 0 });
const settled = () => new Promise((resolve) => { setTimeout(resolve); });

test("a connected widget hears every device", async () => {
  const { hub, ports } = setUp("Keys", "Pads");
  const client = createClient();
  assert.equal(await hub.connect(client), "ready");
  ports.forEach((port) => play(port, 0x90, 60, 80));
  assert.deepEqual(client.heard.map(([name]) => name), ["Keys", "Pads"]);
});

test("only the chosen device is heard and open", async () => {
  const { hub, ports: [keys, pads] } = setUp("Keys", "Pads");
  const client = createClient("Pads");
  await hub.connect(client);
  assert.deepEqual([keys.isOpen, pads.isOpen], [false, true]);
  client.choice = "Keys";
  await hub.refresh();
  assert.deepEqual([keys.isOpen, pads.isOpen], [true, false]);
  assert.deepEqual(client.letGoOf, ["Pads"]); // what it held must not sound on
});

test("two devices of the same name are told apart", async () => {
  const { hub } = setUp("Keys", "Keys");
  const client = createClient();
  await hub.connect(client);
  assert.deepEqual(hub.devices(client).map(({ name }) => name), ["Keys", "Keys (2)"]);
});

test("the widget that was touched last is played, the other lets go and is told", async () => {
  const { hub, ports: [keys] } = setUp("Keys");
  const [first, second] = [createClient(), createClient()];
  await hub.connect(first);
  await hub.connect(second);
  assert.deepEqual(first.letGoOf, ["Keys"]);
  play(keys, 0x90, 60, 80);
  hub.take(first);
  play(keys, 0x90, 62, 80);
  assert.deepEqual([first.heard.length, second.heard.length], [1, 1]);
  assert.deepEqual(second.letGoOf, ["Keys"]);
  assert.equal(hub.devices(second)[0].isMine, false);
});

test("touching a widget that never connected takes nothing", async () => {
  const { hub, ports: [keys] } = setUp("Keys");
  const client = createClient();
  await hub.connect(client);
  hub.take(createClient());
  play(keys, 0x90, 60, 80);
  assert.equal(client.heard.length, 1);
});

test("two widgets with a device each are both played", async () => {
  const { hub, ports: [keys, pads] } = setUp("Keys", "Pads");
  const [first, second] = [createClient("Keys"), createClient("Pads")];
  await hub.connect(first);
  await hub.connect(second);
  play(keys, 0x90, 60, 80);
  play(pads, 0x90, 36, 80);
  assert.deepEqual([first.heard.length, second.heard.length], [1, 1]);
});

test("a device plugged in later is heard, one pulled is let go", async () => {
  const { hub, plug, pull } = setUp();
  const client = createClient();
  await hub.connect(client);
  const keys = plug("Keys");
  await settled();
  play(keys, 0x90, 60, 80);
  assert.equal(client.heard.length, 1);
  pull(keys);
  assert.deepEqual(client.letGoOf, ["Keys"]);
  assert.deepEqual(hub.devices(client), []);
  assert.equal(keys.onmidimessage, null);
});

test("a device that comes back is heard again", async () => {
  const { hub, plug, pull, ports: [keys] } = setUp("Keys");
  const client = createClient();
  await hub.connect(client);
  pull(keys);
  const back = plug("Keys");
  await settled();
  play(back, 0x90, 60, 80);
  assert.deepEqual(client.heard, [["Keys", 0x90, 60, 80]]);
});

test("the last widget that leaves closes the ports", async () => {
  const { hub, ports: [keys] } = setUp("Keys");
  const [first, second] = [createClient(), createClient()];
  await hub.connect(first);
  await hub.connect(second);
  hub.disconnect(second);
  assert.deepEqual([keys.isOpen, second.letGoOf], [true, ["Keys"]]);
  play(keys, 0x90, 60, 80);
  assert.equal(first.heard.length, 1);
  hub.disconnect(first);
  assert.deepEqual([keys.isOpen, keys.onmidimessage], [false, null]);
});

test("a device that another program holds is said, and tried again on Connect", async () => {
  const { hub, plug } = setUp();
  const client = createClient();
  const held = plug("Keys", true);
  await hub.connect(client);
  assert.equal(hub.devices(client)[0].problem, "InvalidAccessError");
  held.open = async () => { held.isOpen = true; };
  await hub.connect(client);
  assert.equal(hub.devices(client)[0].problem, "");
});

test("an opened port changes nothing, so that no opening leads to the next", async () => {
  const { hub } = setUp("Keys", "Pads");
  const client = createClient();
  await hub.connect(client);
  await settled();
  assert.ok(client.nChanges <= 3, String(client.nChanges));
});

test("another tab that takes the devices silences this one until it is touched", async () => {
  const { hub, ports: [keys], pages } = setUp("Keys");
  const client = createClient();
  await hub.connect(client);
  assert.deepEqual(pages.sent, ["taken"]);
  pages.onmessage();
  play(keys, 0x90, 60, 80);
  assert.deepEqual([client.heard, client.letGoOf, hub.isElsewhere()], [[], ["Keys"], true]);
  hub.takeBack();
  play(keys, 0x90, 60, 80);
  assert.deepEqual([client.heard.length, pages.sent.length], [1, 2]);
});

test("touching again and again tells the other tabs once", async () => {
  const { hub, pages } = setUp("Keys");
  const client = createClient();
  await hub.connect(client);
  [1, 2, 3].forEach(() => hub.take(client));
  assert.equal(pages.sent.length, 1);
});

test("a refusal is asked anew the next time", async () => {
  const answers = [Promise.reject(new DOMException("no", "NotAllowedError")),
    Promise.resolve(Object.assign(new EventTarget(), { inputs: new Map() }))];
  const hub = createMidiHub({ request: () => answers.shift() });
  assert.equal(await hub.connect(createClient()), "NotAllowedError");
  assert.equal(await hub.connect(createClient()), "ready");
});

test("no Web MIDI is told from a page that is not secure", async () => {
  const without = (isSecure) => createMidiHub({ request: () => undefined,
    isSecure: () => isSecure }).connect(createClient());
  assert.deepEqual([await without(true), await without(false)], ["missing", "insecure"]);
});

test("every way to have no MIDI has a sentence that says what to do", () => {
  const states = ["missing", "insecure", "NotAllowedError", "SecurityError",
    "InvalidStateError", "Odd"];
  for (const state of states) assert.match(midiProblem(state), /Through Python|Allow MIDI/);
  assert.match(midiProblem("insecure"), /https/);
});

test("the sentence names who is played, who is not and who can't be", () => {
  const device = (name, more) => ({ name, isMine: true, problem: "", ...more });
  assert.match(midiStatus([]), /no keyboard/);
  assert.equal(midiStatus([device("A"), device("B")]), "MIDI keyboard connected: A, B.");
  assert.match(midiStatus([device("A", { isMine: false })]), /A plays another piano/);
  assert.match(midiStatus([device("A", { isMine: false })], true), /A plays another tab/);
  assert.match(midiStatus([device("A", { problem: "X" })]), /A can't be opened/);
});
