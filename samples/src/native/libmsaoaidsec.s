// libmsaoaidsec.so: as small as a shared library can be; only its name, its exported
// function and its string matter.
    .arch armv8-a
    .text
    .align 2
    .global Java_com_bun_miitmdid_core_JLibrary_check
    .type Java_com_bun_miitmdid_core_JLibrary_check, %function
Java_com_bun_miitmdid_core_JLibrary_check:
    mov w0, #4
    movk w0, #1, lsl #16
    ret
    .size Java_com_bun_miitmdid_core_JLibrary_check, . - Java_com_bun_miitmdid_core_JLibrary_check

    .section .rodata
    .global sample_note
    .type sample_note, %object
sample_note:
    .asciz "sample of the OAID library, not the real one"
    .size sample_note, . - sample_note
