/** Blocking applications, on a bounded worker pool. */
@NullMarked
package io.asyncgateway.blocking;

import org.jspecify.annotations.NullMarked;
