// The ReceptiveField widget: how far a stack of dilated convolutions sees, on which paths.

import { soundingWidget } from "../shared/sounding.js";
import { showField } from "./view.js";

export default soundingWidget(showField);
