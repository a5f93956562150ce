// The MorphPad widget: four sounds in the corners, every mixture between them.

import { soundingWidget } from "../shared/sounding.js";
import { showPad } from "./view.js";

export default soundingWidget(showPad);
