// What the wheels, knobs and buttons of a MIDI device are called and do. The profiles
// themselves come from Python (deepcomposer_edu/music/midi_devices.py): a list of
// {name, title, names, controls: [{number, label, mode, target}]}, the generic one last.
// Pure functions.

export const AUTOMATIC = "auto";

/** The profile chosen by name, or for "auto" the one that knows the device's name. */
export const profileFor = (profiles, chosen, device) => {
  const byName = profiles.find((profile) => profile.name === chosen);
  const name = (device ?? "").toLowerCase();
  return byName ?? profiles.find((profile) => profile.names.some((part) => name.includes(part)))
    ?? profiles.at(-1);
};

/** The control of a profile with this controller number, or undefined. */
export const controlOf = (profile, number) =>
  profile?.controls.find((control) => control.number === number);
