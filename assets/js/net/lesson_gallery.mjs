// The gallery of lessons in the lab's menu, fetched from its own page when the menu is about to open.

/** @type {Promise<void> | null} */
let request = null;

/**
 * Replace the list in `menu` by the gallery; a failed request is repeated at the next call.
 *
 * @param {HTMLElement} menu
 * @param {() => void} onLoad called when the gallery is in its place
 */
export function loadGallery(menu, onLoad) {
  request ??= fetch(`lessons?lang=${document.documentElement.lang}`)
    .then((response) => (response.ok ? response.text() : Promise.reject(new Error(response.statusText))))
    .then((page) => {
      const gallery = new DOMParser().parseFromString(page, "text/html").querySelector(".gallery");
      const list = menu.querySelector(".gallery");
      if (!gallery || !list) return;
      const { activeElement } = document;
      const place = [...list.querySelectorAll("a")].findIndex((anchor) => anchor === activeElement);
      list.replaceWith(gallery);
      gallery.querySelectorAll("a")[place]?.focus();
      onLoad();
    })
    .catch(() => {
      request = null;
    });
  return request;
}
