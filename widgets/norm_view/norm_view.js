// The NormView widget: a block of numbers, which of them share a mean, and how it sounds.

import { soundingWidget } from "../shared/sounding.js";
import { showNorms } from "./view.js";

export default soundingWidget(showNorms);
