// The GANGame widget: two tiny networks, the landscape between them, and its sound.

import { soundingWidget } from "../shared/sounding.js";
import { showGame } from "./view.js";

export default soundingWidget(showGame);
