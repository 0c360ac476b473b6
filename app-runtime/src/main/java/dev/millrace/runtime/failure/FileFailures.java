package dev.millrace.runtime.failure;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words what went wrong with a file: the platform says most of it by names of classes. */
public final class FileFailures {

  private FileFailures() {}

  /** What went wrong, with the file that it went wrong with where that is known. */
  public static String reason(IOException failure) {
    return switch (failure) {
      case NoSuchFileException e -> e.getFile() + " is not there, and cannot be made there";
      case FileAlreadyExistsException e -> e.getFile() + " is a file, where a folder is expected";
      case AccessDeniedException e -> "permission is denied for " + e.getFile();
      case FileSystemException e -> String.valueOf(e.getMessage());
      case CharacterCodingException _ -> "it is not text in UTF-8";
      default -> Causes.rootMessage(failure);
    };
  }
}
