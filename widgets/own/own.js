// The form that trains: shows what Python says in `view`, sends back what was done by hand.

import { showForm } from "./view.js";

export default { render: ({ model, el }) => showForm({ model, el }) };
