import type { World } from "../emulator.ts";

/** Wraps a world to report every change. `commented`: an issue that got a comment. */
export function observeWorld(world: World, changed: (commented?: string) => void): World {
  function after<Arguments extends readonly unknown[], Result>(
    change: (...args: Arguments) => Result,
    commented?: (...args: Arguments) => string,
  ): (...args: Arguments) => Result {
    return (...args) => {
      const result = change(...args);
      changed(commented?.(...args));
      return result;
    };
  }
  const { move, renameState, renamePerson, attach, block, addSource, renameSource, archive } = world;
  return {
    ...world,
    create: after(world.create),
    edit: after(world.edit),
    comment: after(world.comment, (nativeId) => nativeId),
    delete: after(world.delete),
    renameLabel: after(world.renameLabel),
    ...(move === undefined ? {} : { move: after(move) }),
    ...(renameState === undefined ? {} : { renameState: after(renameState) }),
    ...(renamePerson === undefined ? {} : { renamePerson: after(renamePerson) }),
    ...(attach === undefined ? {} : { attach: after(attach) }),
    ...(block === undefined ? {} : { block: after(block) }),
    ...(addSource === undefined ? {} : { addSource: after(addSource) }),
    ...(renameSource === undefined ? {} : { renameSource: after(renameSource) }),
    ...(archive === undefined ? {} : { archive: after(archive) }),
  };
}
