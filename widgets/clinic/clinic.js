// The FailureClinic widget: what is wrong with this training? Listen, look, say, mend.

import { soundingWidget } from "../shared/sounding.js";
import { showClinic } from "./view.js";

export default soundingWidget(showClinic);
