// What the plan and the verdicts of a document both rest on: made in pieces, between which others have their turn, and once for each look.

/** Yields the size of each piece of work, in grants. */
type Make<Key, Claims, Observed, View> = (key: Key, claims: Claims, observed: Observed) => Generator<number, View>;

interface Views<Key, Claims, Observed, View> {
  /** As `DocumentType.prepare` asks. */
  readonly prepare: Make<Key, Claims, Observed, View>;
  /** The view of a look that was prepared; of another, all of it at once. */
  readonly viewOf: (key: Key, claims: Claims, observed: Observed) => View;
}

/** Remembers each view for as long as somebody has its claims and what was observed. Both are frozen, so the same objects mean the same view. */
export const remembered = <Key, Claims extends object, Observed extends object, View>(
  make: Make<Key, Claims, Observed, View>,
): Views<Key, Claims, Observed, View> => {
  const views = new WeakMap<Observed, WeakMap<Claims, { readonly view: View }>>();
  function* prepare(key: Key, claims: Claims, observed: Observed): Generator<number, View> {
    const known = views.get(observed)?.get(claims);
    if (known !== undefined) return known.view;
    const view = yield* make(key, claims, observed);
    const all = views.get(observed) ?? new WeakMap<Claims, { readonly view: View }>();
    views.set(observed, all.set(claims, { view }));
    return view;
  }
  const viewOf = (key: Key, claims: Claims, observed: Observed): View => {
    const making = prepare(key, claims, observed);
    for (let step = making.next(); ; step = making.next()) if (step.done === true) return step.value;
  };
  return { prepare, viewOf };
};
