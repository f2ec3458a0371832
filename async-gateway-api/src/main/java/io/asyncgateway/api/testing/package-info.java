/**
 * Both sides of the contract as tests hold them to it.
 *
 * <p>For tests of applications: an in-memory driver, which gives an application events, expects its answers, and refuses what a server would refuse
 * ({@link io.asyncgateway.api.testing.ApplicationDriver}). It needs nothing else on the class path; virtual time needs
 * {@code io.projectreactor:reactor-test}.
 *
 * <p>For servers: the contract as a JUnit 5 suite to inherit ({@link io.asyncgateway.api.testing.ServerConformance}). It needs
 * {@code org.junit.jupiter:junit-jupiter}.
 */
@NullMarked
package io.asyncgateway.api.testing;

import org.jspecify.annotations.NullMarked;
