// A MIDI system for tests, put into a page before its own scripts run: the browser's
// interface, with devices that can be plugged in, played and unplugged at will:
// fakeMidi.plug("Name"), fakeMidi.send("Name", [0x90, 60, 100]), fakeMidi.unplug("Name").
// A port is heard only while it is open, as a real one is; fakeMidi.hold("Name") has
// another program hold it. fakeMidi.isOpen("Name") says whether the page has it open.
// Set fakeMidi.refusal to the name of an error to have the next request refused.
(() => {
  class FakeInput extends EventTarget {
    constructor(name) {
      super();
      Object.assign(this, { id: `fake-${name}`, name, type: "input", state: "connected",
        connection: "closed", isHeld: false, onmidimessage: null });
    }

    async open() {
      if (this.isHeld) throw new DOMException("held by the test", "InvalidAccessError");
      this.connection = "open";
      tell(this); // an opened port is a change of state, too
    }

    async close() {
      this.connection = "closed";
      tell(this);
    }

    send(bytes) {
      if (this.connection !== "open") return;
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
    hold(name, isHeld = true) {
      access.inputs.get(`fake-${name}`).isHeld = isHeld;
    },
    isOpen: (name) => access.inputs.get(`fake-${name}`).connection === "open",
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
