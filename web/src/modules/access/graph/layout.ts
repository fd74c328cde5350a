// Where the roles and datasets of a graph stand: datasets on an inner ring, those of an environment side by side, and around them whoever reads
// them, each near what they read. The same graph always looks the same, and 20,000 edges take milliseconds.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LaidOut {
  readonly principals: readonly Point[];
  readonly datasets: readonly Point[];
}

interface Edges {
  readonly principals: readonly number[];
  readonly datasets: readonly number[];
}

const INNER = 1;
const OUTER = 2;

/** @param datasets by name, those of an environment one after the other */
export function layout(principals: number, datasets: readonly string[], edges: Edges): LaidOut {
  const inner = ring(sortedPlaces(datasets), INNER);
  const sums = Array.from({ length: principals }, () => ({ x: 0, y: 0 }));
  edges.principals.forEach((principal, edge) => {
    const [sum, point] = [sums[principal], inner[edges.datasets[edge] ?? -1]];
    if (sum === undefined || point === undefined) return;
    sum.x += point.x;
    sum.y += point.y;
  });
  const angles = sums.map(({ x, y }) => Math.atan2(y, x));
  return { datasets: inner, principals: ring(sortedPlaces(angles), OUTER) };
}

/** The place of each in the order of their keys; equals stay in theirs. */
function sortedPlaces(keys: readonly (string | number)[]): readonly number[] {
  const order = keys.map((_, index) => index).toSorted((one, other) => compare(keys[one], keys[other]) || one - other);
  const places = Array.from({ length: keys.length }, () => 0);
  order.forEach((index, place) => (places[index] = place));
  return places;
}

const compare = (one: string | number | undefined, other: string | number | undefined): number =>
  one === undefined || other === undefined || one === other ? 0 : one < other ? -1 : 1;

/** From the angle -π on, as {@link Math.atan2} counts. */
const ring = (places: readonly number[], radius: number): readonly Point[] =>
  places.map((place) => {
    const angle = -Math.PI + ((place + 0.5) / places.length) * 2 * Math.PI;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
