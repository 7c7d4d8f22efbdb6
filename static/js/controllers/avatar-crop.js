/** Lets people place their picture in the circle, and sends the square they see instead of the whole file. */
export function connect(/** @type {HTMLElement} */ element) {
  const input = /** @type {HTMLInputElement} */ (element.querySelector("[data-file]"));
  const canvas = /** @type {HTMLCanvasElement} */ (element.querySelector("[data-canvas]"));
  const zoom = /** @type {HTMLInputElement} */ (element.querySelector("[data-zoom]"));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {ImageBitmap | null} */
  let picture = null;
  let name = "avatar.jpg";
  let [x, y] = [0, 0];

  const draw = () => {
    if (!picture) return;
    const side = canvas.width;
    const scale = (side / Math.min(picture.width, picture.height)) * (Number(zoom.value) / 100);
    const [width, height] = [picture.width * scale, picture.height * scale];
    x = Math.min(0, Math.max(side - width, x));
    y = Math.min(0, Math.max(side - height, y));
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, side, side);
    pen.drawImage(picture, x, y, width, height);
  };
  /** The form sends the drawn square: the file in the input is replaced. */
  const commit = () => canvas.toBlob((blob) => {
    if (!blob) return;
    const files = new DataTransfer();
    files.items.add(new File([blob], name, { type: "image/jpeg" }));
    input.files = files.files;
  }, "image/jpeg", 0.92);

  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    try {
      picture = await createImageBitmap(file);
    } catch {
      // Not a picture this browser reads: the server decides, and says so beside the field.
      picture = null;
      canvas.hidden = true;
      return;
    }
    name = `${file.name.replace(/\.\w+$/, "")}.jpg`;
    zoom.value = "100";
    const scale = canvas.width / Math.min(picture.width, picture.height);
    [x, y] = [(canvas.width - picture.width * scale) / 2, (canvas.height - picture.height * scale) / 2];
    canvas.hidden = false;
    /** @type {HTMLElement} */ (element.querySelector("[data-zoom-box]")).hidden = false;
    draw();
    commit();
  });

  let before = 100;
  zoom.addEventListener("input", () => {
    const change = Number(zoom.value) / before;
    before = Number(zoom.value);
    const middle = canvas.width / 2;
    x = middle - (middle - x) * change;
    y = middle - (middle - y) * change;
    draw();
  });
  zoom.addEventListener("change", commit);

  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    const ratio = canvas.width / canvas.clientWidth;
    x += event.movementX * ratio;
    y += event.movementY * ratio;
    draw();
  });
  canvas.addEventListener("lostpointercapture", commit);
}
