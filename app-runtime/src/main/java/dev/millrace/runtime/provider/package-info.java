/**
 * How providers of models are reached, the same for all apps. Their SDKs come with the apps that
 * have use for them.
 */
@NullMarked
package dev.millrace.runtime.provider;

import org.jspecify.annotations.NullMarked;
