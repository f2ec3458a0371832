/**
 * For tests of applications: an in-memory driver, which gives an application events, expects its answers, and holds it to the contract as a
 * server would ({@link io.asyncgateway.api.testing.ApplicationDriver}).
 *
 * <p>Virtual time needs {@code io.projectreactor:reactor-test} on the class path of the test; the driver itself needs nothing.
 */
@NullMarked
package io.asyncgateway.api.testing;

import org.jspecify.annotations.NullMarked;
