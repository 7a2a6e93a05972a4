// What the API process says of itself before anyone has signed in.
import { useEffect, useState } from "react";

export interface Oidc {
  issuer: string;
  clientId: string;
  scope?: string;
  audience?: string | null;
  resource?: string | null;
}

export interface Config {
  oidc: Oidc | null;
  demo: boolean;
  graphiql: boolean;
  version: string;
}

export interface DemoPerson {
  organization: string;
  name: string;
  email: string;
  role: string;
  department: string | null;
  token: string;
}

async function fetchJson<Value>(address: string): Promise<Value> {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

let config: Promise<Config> | undefined;

/** It is asked for once, unless that failed. */
export function loadConfig(): Promise<Config> {
  config ??= fetchJson<Config>("/console/config.json").catch((error) => {
    config = undefined;
    throw error;
  });
  return config;
}

export async function loadDemoPeople(): Promise<DemoPerson[]> {
  return (await fetchJson<{ people: DemoPerson[] }>("/console/demo.json")).people;
}

/** Undefined while loading; null where it failed. */
export function useLoaded<Value>(load: () => Promise<Value>): Value | null | undefined {
  const [value, setValue] = useState<Value | null>();
  useEffect(() => {
    let current = true;
    load().then(
      (loaded) => current && setValue(loaded),
      () => current && setValue(null),
    );
    return () => {
      current = false;
    };
  }, [load]);
  return value;
}
