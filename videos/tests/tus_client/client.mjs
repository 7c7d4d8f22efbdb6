// Drives the standard tus client: node client.mjs <upload|abandon> <endpoint> <token> <file> <state> <chunk>
// Says one JSON line per event on stdout; the test reads them and cuts, kills or compares.
import fs from "node:fs";
import { FileUrlStorage, Upload } from "tus-js-client";

const [verb, endpoint, token, path, state, chunk] = process.argv.slice(2);
const say = (event) => process.stdout.write(JSON.stringify(event) + "\n");

const upload = new Upload(fs.createReadStream(path), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  uploadSize: fs.statSync(path).size,
  chunkSize: Number(chunk),
  retryDelays: Array(60).fill(20),
  urlStorage: new FileUrlStorage(state),
  metadata: { filename: "clip.mp4", filetype: "video/mp4" },
  onUploadUrlAvailable: () => say({ event: "url", url: upload.url }),
  onChunkComplete: (size, accepted) => say({ event: "chunk", accepted }),
  onShouldRetry: () => (say({ event: "retry" }), true),
  onError: (error) => (say({ event: "error", message: String(error) }), process.exit(1)),
  onSuccess: () => say({ event: "done", url: upload.url }),
});

if (verb === "abandon") {
  upload.options.onChunkComplete = async () => {
    await upload.abort(true);
    say({ event: "abandoned", url: upload.url });
    process.exit(0);
  };
}
const [previous] = await upload.findPreviousUploads();
if (previous) {
  upload.resumeFromPreviousUpload(previous);
  say({ event: "resumed", url: previous.uploadUrl });
}
upload.start();
