"use strict";
// Sends files piece by piece, so that a broken line costs one piece; and keeps the page of a
// batch fresh. Without this script one form sends all files, and a link renews the page.
(() => {
  const byId = id => document.getElementById(id);
  const WAITS = [1, 2, 4, 8, 16, 30, 30, 30];
  const MOST_SUMMED = 256 * 1024 * 1024;
  const AT_ONCE = 2;
  const LOOK_SECONDS = 2;
  const rest = seconds => new Promise(done => setTimeout(done, seconds * 1000));

  const form = byId("add");
  if (form) prepare(form);
  const lists = byId("upload-lists");
  if (lists && "open" in lists.dataset) watch(lists);

  // -- sending

  function prepare(form) {
    const dropped = [];
    const drop = byId("drop");
    for (const each of form.querySelectorAll(".scripted")) each.hidden = false;
    for (const name of ["dragenter", "dragover"]) {
      drop.addEventListener(name, event => { event.preventDefault(); drop.classList.add("over"); });
    }
    for (const name of ["dragleave", "drop"]) {
      drop.addEventListener(name, () => drop.classList.remove("over"));
    }
    drop.addEventListener("drop", async event => {
      event.preventDefault();
      dropped.push(...await filesOf(event.dataTransfer));
      const files = chosen(form, dropped);
      if (files.length) send(form, files);
    });
    form.addEventListener("submit", event => {
      const files = chosen(form, dropped);
      if (!files.length) return;
      event.preventDefault();
      send(form, files);
    });
  }

  function chosen(form, dropped) {
    const picked = [...form.querySelectorAll("input[type=file]")].flatMap(input => [...input.files]);
    return [...picked.map(file => ({ file, path: file.webkitRelativePath || file.name })), ...dropped];
  }

  async function filesOf(transfer) {
    // All at once: what was dropped can only be asked for before the first pause.
    const items = [...transfer.items].filter(item => item.kind === "file");
    const dropped = items.map(item => [item.webkitGetAsEntry?.(), item.getAsFile()]);
    const found = [];
    for (const [entry, file] of dropped) {
      if (entry) await walk(entry, found);
      else if (file) found.push({ file, path: file.name });
    }
    return found;
  }

  async function walk(entry, found) {
    if (entry.isFile) {
      const file = await new Promise((done, fail) => entry.file(done, fail));
      found.push({ file, path: entry.fullPath.replace(/^\//, "") });
      return;
    }
    const reader = entry.createReader();
    for (;;) {  // it gives at most a hundred at a time
      const some = await new Promise((done, fail) => reader.readEntries(done, fail));
      if (!some.length) return;
      for (const each of some) await walk(each, found);
    }
  }

  async function send(form, files) {
    const show = new Showing(form, files);
    const batch = new Batch(form);
    show.begin();
    const again = byId("sending-again");
    const attempt = async left => {
      again.hidden = true;
      addEventListener("beforeunload", ask);
      const bad = await batch.send(left, show);
      removeEventListener("beforeunload", ask);
      if (!bad.length) {
        location.assign(batch.url);
        return;
      }
      again.hidden = !bad.some(one => one.mayGoOn);
      again.onclick = () => attempt(bad.filter(one => one.mayGoOn));
      show.stopped(bad, batch.url);
    };
    await attempt(files);
  }

  function ask(event) { event.preventDefault(); }

  class Batch {
    constructor(form) {
      this.form = form;
      this.token = form.elements.csrf_token.value;
      this.piece = Number(form.dataset.piece);
      this.most = Number(form.dataset.most);
      this.url = "";
    }

    // The files that could not be sent, each with why.
    async send(files, show) {
      const bad = [];
      const tables = files.filter(one => /\.csv$/i.test(one.path));
      const others = files.filter(one => !tables.includes(one));
      const work = async queue => {
        for (let one; (one = queue.shift());) {
          try {
            await this.whole(one, files, show);
            show.sent(one);
          } catch (error) {
            one.why = error.message || "送れませんでした。通信の状態を確かめてください。";
            one.status = error.status;
            one.mayGoOn = ![400, 401, 413].includes(error.status);
            bad.push(one);
          }
        }
      };
      try {
        await this.begin();
      } catch (error) {
        const { message: why, status } = error;
        for (const one of files) Object.assign(one, { why, status, mayGoOn: status !== 401 });
        return files;
      }
      // The tables that describe the other files come first, so that none is read without them.
      await work(tables);
      await Promise.all(Array.from({ length: AT_ONCE }, () => work(others)));
      if (!bad.length) await this.post(`${this.url}/close`, new FormData());
      return bad;
    }

    async begin() {
      if (this.url) return;
      const fields = new FormData(this.form);
      fields.delete("files");
      const made = await this.trying(() => this.post(this.form.getAttribute("action"), fields));
      this.url = made.url;
    }

    async whole(one, files, show) {
      if (one.file.size > this.most) {
        throw Object.assign(new Error("1つのファイルの上限を超えています。分けるか小さくしてください。"), { status: 413 });
      }
      const address = `${this.url}/files/${named(one)}`;
      const sum = await summed(one.file);
      for (let turn = 0; ; turn++) {
        if (await this.pieces(address, one, show)) return;
        const fields = new FormData();
        const beside = files.filter(other => folder(other) === folder(one)).map(other => base(other));
        fields.set("path", one.path);
        fields.set("size", one.file.size);
        fields.set("sha256", sum);
        if (/\.csv$/i.test(one.path)) fields.set("beside", beside.filter(name => /\.csv$/i.test(name)).join("/"));
        fields.set("password", this.form.elements.password.value);
        try {
          await this.trying(() => this.post(address, fields));
          return;
        } catch (error) {
          // What arrived was not what was sent, and has been thrown away: once more from the start.
          if (error.status !== 400 || turn) throw error;
        }
      }
    }

    // Sends what is missing; true when the file had been put already.
    async pieces(address, one, show) {
      let told = await this.trying(() => this.get(address));
      let offset = told.offset;
      while (!told.done && offset < one.file.size) {
        show.reached(one, offset);
        try {
          const piece = one.file.slice(offset, offset + this.piece);
          offset = (await this.trying(() => this.put(`${address}?offset=${offset}`, piece))).offset;
        } catch (error) {
          if (error.status !== 409) throw error;
          told = await this.get(address);
          offset = told.offset;
        }
      }
      show.reached(one, one.file.size);
      return told.done;
    }

    // Tries again what the line broke; what the site has answered stands.
    async trying(step) {
      for (const seconds of WAITS) {
        try {
          return await step();
        } catch (error) {
          if (error.status && error.status < 500) throw error;
          await rest(seconds);
        }
      }
      return step();
    }

    get(address) { return this.fetch(address, {}); }
    post(address, body) { return this.fetch(address, { method: "POST", body }); }
    put(address, body) {
      return this.fetch(address, { method: "PUT", body, headers: { "Content-Type": "application/octet-stream" } });
    }

    async fetch(address, options) {
      const headers = { Accept: "application/json", "X-CSRFToken": this.token, ...options.headers };
      const answer = await fetch(address, { ...options, headers });
      const told = await answer.json().catch(() => ({}));
      if (answer.ok) return told;
      const over = "サインインの期限が切れました。下のリンクでサインインして、同じファイルを選んでください。届いた分は、送り直しません。";
      throw Object.assign(new Error(answer.status === 401 ? over : told.detail || ""), { status: answer.status });
    }
  }

  const base = one => one.path.split("/").pop().toLowerCase();
  const folder = one => one.path.split("/").slice(0, -1).join("/");

  // The same for the same file, so that it goes on where it stopped: 32 hexadecimal digits.
  function named(one) {
    const text = `${one.path}\0${one.file.size}\0${one.file.lastModified}`;
    return [1, 2, 3, 4].map(seed => {
      let sum = 0x811c9dc5;
      for (const unit of new TextEncoder().encode(seed + text)) sum = Math.imul(sum ^ unit, 0x01000193);
      return (sum >>> 0).toString(16).padStart(8, "0");
    }).join("");
  }

  async function summed(file) {
    // Without https a browser counts no sums; sizes and places are compared all the same.
    if (!globalThis.crypto?.subtle || file.size > MOST_SUMMED) return "";
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map(byte => byte.toString(16).padStart(2, "0")).join("");
  }

  class Showing {
    constructor(form, files) {
      this.form = form;
      this.files = files;
      this.size = files.reduce((sum, one) => sum + one.file.size, 0);
      this.arrived = new Map();
      this.count = 0;
    }

    begin() {
      this.form.hidden = true;
      byId("sending").hidden = false;
      byId("h-sending").focus();
      byId("sending-pg").max = this.size || 1;
      this.tell();
    }

    reached(one, bytes) {
      this.arrived.set(one, bytes);
      this.tell();
    }

    sent(one) {
      this.arrived.set(one, one.file.size);
      this.count++;
      this.tell();
    }

    tell() {
      const sum = [...this.arrived.values()].reduce((all, bytes) => all + bytes, 0);
      byId("sending-pg").value = sum;
      byId("sending-size").textContent = `${(sum / 1048576).toFixed(1)}MB / ${(this.size / 1048576).toFixed(1)}MB`;
      byId("sending-count").textContent = `${this.files.length}点中${this.count}点`;
    }

    stopped(bad, url) {
      byId("sending-told").textContent = `${bad.length}点を送れませんでした。`;
      const list = byId("sending-bad");
      list.replaceChildren(...bad.map(one => {
        const item = document.createElement("li");
        item.className = "file";
        item.textContent = `${one.path}: ${one.why}`;
        return item;
      }));
      // A session that is over takes its token along: to go on, the form is asked for anew.
      const form = url ? `${location.pathname}?upload=${url.split("/").pop()}` : location.href;
      if (bad.some(one => one.status === 401)) this.lead(form, "サインインして、続きを送る");
      else if (!url) this.lead(form, "はじめから選び直す");
      if (url) this.lead(url, "送れたファイルの様子を見る");
    }

    lead(address, text) {
      const link = document.createElement("a");
      link.href = address;
      link.textContent = text;
      const item = document.createElement("li");
      item.className = "file";
      item.append(link);
      byId("sending-bad").append(item);
    }
  }

  // -- watching

  async function watch(lists) {
    const told = byId("upload-told");
    for (let { summary } = lists.dataset; ;) {
      await rest(LOOK_SECONDS);
      if (document.hidden) continue;
      let news;
      try {
        const address = `${lists.dataset.address}?version=${lists.dataset.version}`;
        const answer = await fetch(address, { headers: { Accept: "application/json" } });
        if (!answer.ok) {
          if (answer.status >= 500) continue;
          told.className = "told warn";
          told.textContent = "新しい様子を表示できません。「表示を更新する」を押してください。作業は続いています。";
          return;
        }
        news = await answer.json();
      } catch {
        continue;  // the line is broken: the page stays as it was, and is asked for again
      }
      if (news.html) renew(lists, news);
      if (summary !== news.summary) told.textContent = news.summary;
      summary = news.summary;
      if (news.done) return;
    }
  }

  // What is being typed stays, and what has the focus keeps it.
  function renew(lists, news) {
    const focused = lists.contains(document.activeElement) ? document.activeElement.id : "";
    const typed = [...lists.querySelectorAll("input[type=text]")].map(input => [input.id, input.value]);
    lists.innerHTML = news.html;
    lists.dataset.version = news.version;
    for (const [id, value] of typed) if (value && byId(id)) byId(id).value = value;
    if (focused) byId(focused)?.focus();
  }
})();
