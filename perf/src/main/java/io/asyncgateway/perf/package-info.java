/**
 * Measurements of the server, side by side with raw Netty. Run by hand; {@code perf/README.md} has the commands. The build only compiles
 * them, so that they stay true to the code they measure.
 */
@NullMarked
package io.asyncgateway.perf;

import org.jspecify.annotations.NullMarked;
