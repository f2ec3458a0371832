package io.asyncgateway.websocket;

/**
 * The counters of an {@link OutboundQueue} at one moment: {@code offered} is the sum of {@code sent}, {@code dropped}, {@code discarded} and
 * {@code waiting}.
 *
 * @param offered messages that were offered
 * @param sent messages that the transport took
 * @param dropped messages that the policy dropped
 * @param discarded messages that were given up because the queue or the session was closed
 * @param waiting messages that wait, with the one that is on its way to the transport
 * @param waitingBytes the bytes of those
 */
public record QueueStatistics(long offered, long sent, long dropped, long discarded, int waiting, long waitingBytes) {}
