//! Java class files (JAR, AAR).
