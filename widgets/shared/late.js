// A widget whose code loaded late hears its Python object all the same.
//
// anywidget gives a widget's code two seconds to load. Where a busy computer needs longer,
// it refuses every later message of Python to that widget, for good: a player would say
// that there is no music while Python has some. So the message goes to the model itself,
// as in any other Jupyter widget, and Python is asked for the state that was missed.

/** A message that does nothing: it tells whether messages arrive. */
const KNOCK = { content: { data: { method: "none" } } };

const hearAgain = (model) => {
  // anywidget's own class refuses; the one that it is made from does not
  const { _handle_comm_msg: hear } = Object.getPrototypeOf(model.constructor.prototype);
  model._handle_comm_msg = hear;
  model.comm.on_msg(hear.bind(model));
  model.comm.send({ method: "request_state" }, {}, {}, []);
};

/** See that messages arrive at the model that a widget's code was given. */
const listen = async (given) => {
  const model = await given.widget_manager?.get_model?.(given.get("own_id"));
  if (!model?.comm) return; // a page without Python
  model._handle_comm_msg(KNOCK).catch(() => hearAgain(model));
};

/** The entry for anywidget of a widget whose entry is `widget`. */
export const everListening = (widget) => async () => {
  const entry = typeof widget === "function" ? await widget() : widget;
  return { ...entry,
    initialize(context) {
      listen(context.model).catch((error) => console.warn(error));
      return entry.initialize?.(context);
    } };
};
