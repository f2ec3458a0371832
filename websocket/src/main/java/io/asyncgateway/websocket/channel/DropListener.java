package io.asyncgateway.websocket.channel;

/**
 * Is told of each message that a layer drops. Called on the thread where it happens, so it must be quick and must not block; what it throws is
 * logged and otherwise ignored. Messages that were refused to their sender by a failed {@code send} are not told here.
 */
@FunctionalInterface
public interface DropListener {
    /** Does nothing. */
    DropListener NONE = (reason, target, count) -> {};

    /**
     * Messages were dropped.
     *
     * @param reason why
     * @param target the channel; for {@link DropReason#LOST} the group, or the channel or node that they were sent to, as far as it is known
     * @param count how many, at least one
     */
    void dropped(DropReason reason, String target, long count);
}
