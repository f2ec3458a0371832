// A list of listeners for each kind of news.

export class Events {
  #listeners = new Map();

  on(kind, listener) {
    const listeners = this.#listeners.get(kind) ?? [];
    this.#listeners.set(kind, [...listeners, listener]);
  }

  tell(kind, ...news) {
    for (const listener of this.#listeners.get(kind) ?? []) {
      listener(...news);
    }
  }
}
