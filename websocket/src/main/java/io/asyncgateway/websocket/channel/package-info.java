/**
 * Channel layers: messages between sessions, groups and nodes. {@link io.asyncgateway.websocket.channel.ChannelLayer} says what they promise; one in
 * memory is here, one on Redis in {@code io.asyncgateway.websocket.redis}.
 */
@NullMarked
package io.asyncgateway.websocket.channel;

import org.jspecify.annotations.NullMarked;
