/** The little of htmx that our modules call. */
interface Window {
  htmx: {
    ajax(verb: string, path: string, options: { target: Element; swap: string; source?: Element }): Promise<void>;
    process(element: Element): void;
    trigger(element: Element, name: string): void;
    swap(target: Element, content: string, spec: { swapStyle: string; swapDelay: number; settleDelay: number }): void;
  };
}
