// Systems Manager parameters: an account's consent, and what environments tell their tools. Plain strings only, no secrets.
import type * as sdk from '@aws-sdk/client-ssm';
import type { Service } from '../service.ts';

type Sdk = typeof sdk;

export interface Parameter {
  readonly name: string;
  readonly value: string;
  readonly version: number;
}

export class Ssm {
  readonly #service: Service<Sdk>;

  constructor(service: Service<Sdk>) {
    this.#service = service;
  }

  async parameter(name: string): Promise<Parameter | undefined> {
    const parameter = (await this.#service.find('GetParameter', { Name: name }))?.Parameter;
    if (parameter === undefined) return undefined;
    return { name, value: parameter.Value ?? '', version: parameter.Version ?? 0 };
  }

  /** Sets a parameter, replacing what was there. AWS takes tags only when it is new, so tags and replacing exclude each other. */
  async putParameter(name: string, value: string, description?: string): Promise<void> {
    await this.#service.write('PutParameter', {
      Name: name,
      Value: value,
      Type: 'String',
      Overwrite: true,
      Description: description,
    });
  }

  /** @returns false if it was gone */
  async deleteParameter(name: string): Promise<boolean> {
    return await this.#service.remove('DeleteParameter', { Name: name });
  }
}
