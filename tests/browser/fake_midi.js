// A MIDI system for tests, put into a page before its own scripts run: the browser's
// interface, with devices that can be plugged in, played and unplugged at will:
// fakeMidi.plug("Name"), fakeMidi.send("Name", [0x90, 60, 100]), fakeMidi.unplug("Name").
// Set fakeMidi.refusal to the name of an error to have the next request refused.
(() => {
  class FakeInput extends EventTarget {
    constructor(name) {
      super();
      Object.assign(this, { id: `fake-${name}`, name, type: "input", state: "connected",
        connection: "open", onmidimessage: null });
    }

    send(bytes) {
      const event = new Event("midimessage");
      event.data = new Uint8Array(bytes);
      this.onmidimessage?.(event);
      this.dispatchEvent(event);
    }
  }

  const access = new EventTarget();
  Object.assign(access, { inputs: new Map(), outputs: new Map(), sysexEnabled: false });

  const tell = (port) => {
    const event = new Event("statechange");
    event.port = port;
    access.dispatchEvent(event);
  };

  window.fakeMidi = {
    refusal: null,
    nRequests: 0,
    plug(name) {
      const input = new FakeInput(name);
      access.inputs.set(input.id, input);
      tell(input);
    },
    unplug(name) {
      const input = access.inputs.get(`fake-${name}`);
      input.state = "disconnected";
      access.inputs.delete(input.id);
      tell(input);
    },
    send(name, bytes) {
      access.inputs.get(`fake-${name}`).send(bytes);
    },
  };
  window.fakeMidi.plug("Fake 32");

  Object.defineProperty(navigator, "requestMIDIAccess", {
    configurable: true,
    value: async () => {
      window.fakeMidi.nRequests += 1;
      if (window.fakeMidi.refusal) {
        throw new DOMException("refused by the test", window.fakeMidi.refusal);
      }
      return access;
    },
  });
})();
