/* Gradio's news of a page come in one stream. Where it breaks off while the page waits for
   nothing, Gradio takes it for open for ever, and after a restart of the server a question
   would be asked and its answer never heard. So the end is told, as its server tells it. */
(() => {
  "use strict";

  const ENDED = ["broken_connection", "close_stream"]
    .map((msg) => `\n\ndata: ${JSON.stringify({ msg, message: "Connection lost." })}\n\n`)
    .join("");
  const plain = window.fetch;

  function told(body) {
    const reader = body.getReader();
    return new ReadableStream({
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) return controller.enqueue(value);
        } catch (error) {
          // The page itself has ended it.
          if (error.name === "AbortError") return controller.error(error);
          controller.enqueue(new TextEncoder().encode(ENDED));
        }
        controller.close();
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  window.fetch = async (asked, options) => {
    const response = await plain(asked, options);
    const news = String(asked.url ?? asked).includes("/queue/data?");
    return news && response.body ? new Response(told(response.body), response) : response;
  };
})();
