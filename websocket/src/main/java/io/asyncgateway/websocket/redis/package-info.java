/**
 * Channel layers and history on Redis, by Lettuce, which is an optional dependency. {@link io.asyncgateway.websocket.redis.Redis} is where to begin.
 */
@NullMarked
package io.asyncgateway.websocket.redis;

import org.jspecify.annotations.NullMarked;
