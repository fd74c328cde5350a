// A graph of access, drawn by WebGL: pointed at, a node shows what it is tied to; clicked, it is asked about.

import { UndirectedGraph } from 'graphology';
import { useEffect, useRef } from 'react';
import { Sigma } from 'sigma';
import type { AccessGraphQuery } from '../operations.ts';
import { layout } from './layout.ts';

type Answer = AccessGraphQuery['accessGraph'];

/** A role, or a dataset, by its place in the answer. */
export interface GraphNode {
  readonly kind: 'principal' | 'dataset';
  readonly place: number;
}

interface GraphCanvasProps {
  readonly answer: Answer;
  readonly label: string;
  readonly onChoose: (node: GraphNode) => void;
  /** Given how to have it as a picture. */
  readonly onDrawn: (picture: () => Promise<Blob | null>) => void;
}

/** Seen on light and on dark alike. */
const COLORS = { principal: '#3184c2', dataset: '#b2651a', edge: '#a3afbd', near: '#3184c2', far: '#c6ccd4' };
const HEIGHT_PX = 560;
/** As many have room for their names at once; those of more are shown as one comes nearer. */
const MOST_NAMED = 60;
/** Size of a node from which on it is named, in px. */
const NAMED_FROM = 8;

export function GraphCanvas({ answer, label, onChoose, onDrawn }: GraphCanvasProps) {
  const container = useRef<HTMLDivElement>(null);
  const told = useRef({ onChoose, onDrawn });
  useEffect(() => {
    told.current = { onChoose, onDrawn };
  });
  useEffect(() => {
    const element = container.current;
    if (element === null) return undefined;
    const renderer = draw(element, answer, (node) => told.current.onChoose(node));
    told.current.onDrawn(() => pictureOf(renderer, element));
    return () => renderer.kill();
  }, [answer]);
  return <div ref={container} role="img" aria-label={label} />;
}

function draw(element: HTMLElement, answer: Answer, choose: (node: GraphNode) => void): Sigma {
  element.style.height = `${HEIGHT_PX}px`;
  element.style.overflow = 'hidden';
  const graph = graphOf(answer);
  let near: ReadonlySet<string> | undefined;
  let pointed: string | undefined;
  const renderer = new Sigma(graph, element, {
    allowInvalidContainer: true,
    defaultEdgeColor: COLORS.edge,
    hideEdgesOnMove: false,
    labelColor: { color: getComputedStyle(element).color },
    labelRenderedSizeThreshold: graph.order <= MOST_NAMED ? 0 : NAMED_FROM,
    // Names stand to the right of their nodes.
    stagePadding: graph.order <= MOST_NAMED ? 100 : 30,
    minCameraRatio: 0.02,
    maxCameraRatio: 3,
    nodeReducer: (node, data) =>
      near === undefined || near.has(node) ? data : { ...data, color: COLORS.far, label: '' },
    edgeReducer: (edge, data) => {
      if (pointed === undefined) return data;
      return graph.hasExtremity(edge, pointed) ? { ...data, color: COLORS.near } : { ...data, hidden: true };
    },
  });
  const point = (node: string | undefined): void => {
    pointed = node;
    near = node === undefined ? undefined : new Set([node, ...graph.neighbors(node)]);
    renderer.refresh({ skipIndexation: true });
  };
  renderer.on('enterNode', ({ node }) => point(node));
  renderer.on('leaveNode', () => point(undefined));
  renderer.on('clickNode', ({ node }) => choose(nodeOf(node)));
  return renderer;
}

const keyOf = (kind: GraphNode['kind'], place: number): string => `${kind} ${place}`;

function nodeOf(key: string): GraphNode {
  const [kind, place] = key.split(' ');
  return { kind: kind === 'dataset' ? 'dataset' : 'principal', place: Number(place) };
}

function graphOf({ principals, datasets, edges }: Answer): UndirectedGraph {
  const graph = new UndirectedGraph();
  const names = datasets.map(({ dataset }) => dataset);
  const places = layout(principals.length, names, edges);
  principals.forEach(({ name, group, arn }, place) => {
    const shown = arn?.split('/').at(-1) ?? name;
    graph.addNode(keyOf('principal', place), { ...places.principals[place], label: `${shown} (${group})`, color: COLORS.principal, size: 4 }); // prettier-ignore
  });
  datasets.forEach(({ label }, place) =>
    graph.addNode(keyOf('dataset', place), { ...places.datasets[place], label, color: COLORS.dataset, size: 7 }),
  );
  edges.principals.forEach((principal, edge) =>
    graph.mergeEdge(keyOf('principal', principal), keyOf('dataset', edges.datasets[edge] ?? 0), { size: 1 }),
  );
  return graph;
}

/** What is drawn now, on the page's own colour. */
async function pictureOf(renderer: Sigma, element: HTMLElement): Promise<Blob | null> {
  const { width, height } = element.getBoundingClientRect();
  const ratio = globalThis.devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  // What WebGL has drawn is there until the next frame begins.
  renderer.refresh({ schedule: false });
  for (const layer of Object.values(renderer.getCanvases()))
    context.drawImage(layer, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}
