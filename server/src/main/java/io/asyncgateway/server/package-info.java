/**
 * A server for the contract of {@code io.asyncgateway.api}: HTTP/1.1, HTTP/1.0 and WebSocket on Reactor Netty's transport.
 *
 * <p>Begin at {@link io.asyncgateway.server.Server}. Everything that can be set is in
 * {@link io.asyncgateway.server.ServerConfig} and the records in it, each with its default.
 */
@NullMarked
package io.asyncgateway.server;

import org.jspecify.annotations.NullMarked;
