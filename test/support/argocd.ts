// What Argo CD makes of our objects: runs the health script of the chart in a real Lua, under the rules of Argo CD.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LuaFactory, type LuaEngine } from 'wasmoon';
import type { KubeObject } from '../../operator/kernel/kind.ts';

/** Of every kind. */
export const HEALTH_SCRIPT = join(import.meta.dirname, '../../charts/dataall/files/argocd/health.lua');

export interface ArgoHealth {
  readonly status: 'Healthy' | 'Suspended' | 'Progressing' | 'Degraded';
  readonly message: string;
}

/** Argo CD gives scripts the base and table libraries only (util/lua/lua.go, runLua). */
const WITHOUT_LIBRARIES = 'os, io, debug, require, package, string, math, utf8, coroutine = nil';

export class ArgoHealthScript {
  readonly #lua: LuaEngine;
  readonly #script: string;

  private constructor(lua: LuaEngine, script: string) {
    this.#lua = lua;
    this.#script = script;
  }

  static async load(): Promise<ArgoHealthScript> {
    const lua = await new LuaFactory().createEngine({ enableProxy: false });
    await lua.doString(WITHOUT_LIBRARIES);
    return new ArgoHealthScript(lua, readFileSync(HEALTH_SCRIPT, 'utf8'));
  }

  /** @param object as the API server has it */
  healthOf(object: KubeObject): ArgoHealth {
    // gitops-engine pkg/health, GetResourceHealth: decided before any script is asked.
    if (object.metadata.deletionTimestamp !== undefined) return { status: 'Progressing', message: 'Pending deletion' };
    this.#lua.global.set('obj', object);
    return this.#lua.doStringSync(this.#script) as ArgoHealth;
  }

  close(): void {
    this.#lua.global.close();
  }
}
