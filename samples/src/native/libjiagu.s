// libjiagu.so: as small as a shared library can be; only its name, its exported
// function and its string matter.
    .arch armv8-a
    .text
    .align 2
    .global JNI_OnLoad
    .type JNI_OnLoad, %function
JNI_OnLoad:
    mov w0, #4
    movk w0, #1, lsl #16
    ret
    .size JNI_OnLoad, . - JNI_OnLoad

    .section .rodata
    .global sample_note
    .type sample_note, %object
sample_note:
    .asciz "sample of a packer stub, not the real one"
    .size sample_note, . - sample_note
