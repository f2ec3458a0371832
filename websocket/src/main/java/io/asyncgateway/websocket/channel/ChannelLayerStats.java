package io.asyncgateway.websocket.channel;

/**
 * Counts of one node since its layer was made, and what it holds now. With several nodes their sums tell about the service.
 *
 * @param sent messages that this node has sent to a channel or group, without those refused
 * @param refused sends that failed, for any reason; their senders know
 * @param delivered messages that were put into a channel of this node, once for each channel; of shared channels, that a reader of this node got
 * @param received messages that readers of this node got
 * @param droppedAtCapacity {@link DropReason#CAPACITY}, once for each channel
 * @param expired {@link DropReason#EXPIRED}, once for each channel
 * @param droppedAtClose {@link DropReason#CLOSED}, once for each channel
 * @param lost {@link DropReason#LOST}, once for each group or channel of this node, however many members the group has
 * @param channels open channels of this node and, in memory, shared channels that are in use
 * @param groups groups with a member on this node
 * @param queued messages that wait in channels on this node
 */
public record ChannelLayerStats(
        long sent,
        long refused,
        long delivered,
        long received,
        long droppedAtCapacity,
        long expired,
        long droppedAtClose,
        long lost,
        int channels,
        int groups,
        long queued) {}
