// The sliders above a player: what a hand sets goes to Python, which makes the music.

import { showSliders } from "./view.js";

export default {
  render: showSliders,
};
