import type { Rolldown } from "tsdown";

/** What of the bundle `pan`'s first moments hang on, by the names of chunks. */
export type LoadedFirst = {
  /** Every command loads them: Node's own modules are taken as they are used. */
  readonly always: readonly string[];
  /** Most do: they are read as ASCII. */
  readonly often: readonly string[];
};

/** Makes the chunks of a bundle load sooner, without a change of what they do. */
export function loadedSooner({ always, often }: LoadedFirst): Rolldown.Plugin {
  return {
    name: "loaded-sooner",
    renderChunk: (code, { name }) => (always.includes(name) ? takenFromNode(code) : null),
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      // A file that only passes on what another one exports costs a listing a hundredth of its time.
      for (const passing of chunks) {
        const [, names, from] = /^export\{([^{}]*)\}from"(\.\/[^"]*)";\s*$/.exec(passing.code) ?? [];
        if (names === undefined || from === undefined || passing.isEntry) continue;
        const picked = names.split(",").map((name) => {
          const [own = "", given = own] = name.split(" as ");
          return `${given}:m.${own}`;
        });
        for (const chunk of chunks) {
          chunk.code = chunk.code.replaceAll(
            `import(\`./${passing.fileName}\`)`,
            `import(\`${from}\`).then(m=>({${picked.join(",")}}))`,
          );
        }
        if (!chunks.some(({ code }) => code.includes(passing.fileName))) delete bundle[passing.fileName];
      }
      for (const chunk of chunks) if ([...always, ...often].includes(chunk.name)) chunk.code = inAscii(chunk.code);
    },
  };
}

/**
 * Node's own modules as the first files want them: an `import` of one reads all it exports, and so makes what hardly anybody uses (the streams of `node:fs`, the
 * standard input of `node:process`).
 */
function takenFromNode(code: string): string {
  return code.replace(
    /\bimport\s*(?:([\w$]+)\s*,?\s*)?(?:\{([^{}]*)\}\s*)?from\s*["'](node:[\w/]+)["'];?/g,
    (_, whole: string | undefined, names: string | undefined, module: string) => {
      const builtin = `process.getBuiltinModule("${module}")`;
      const own = names === undefined ? [] : [`{${names.replace(/\s+as\s+/g, ":")}}=${builtin}`];
      return `const ${[...(whole === undefined ? [] : [`${whole}=${builtin}`]), ...own].join(",")};`;
    },
  );
}

/**
 * Code without a character beyond ASCII: one `…` in it makes two bytes of every character once it is read, and with those a listing reaches its first collection of
 * garbage, which it ends without otherwise.
 */
function inAscii(code: string): string {
  const odd = /\\[^\0-\x7F]|String\.raw/.exec(code)?.[0];
  if (odd !== undefined) throw new Error(`“${odd}” in a chunk keeps its characters from being escaped.`);
  return code.replace(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
