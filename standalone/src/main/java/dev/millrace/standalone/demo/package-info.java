/** The main job of Millrace, run on real input and checked step by step. */
@NullMarked
package dev.millrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
