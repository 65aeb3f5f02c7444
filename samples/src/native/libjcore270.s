// libjcore270.so: as small as a shared library can be; only its name, its exported
// function and its string matter.
    .arch armv8-a
    .text
    .align 2
    .global Java_cn_jiguang_internal_DeviceReport_sign
    .type Java_cn_jiguang_internal_DeviceReport_sign, %function
Java_cn_jiguang_internal_DeviceReport_sign:
    mov w0, #4
    movk w0, #1, lsl #16
    ret
    .size Java_cn_jiguang_internal_DeviceReport_sign, . - Java_cn_jiguang_internal_DeviceReport_sign

    .section .rodata
    .global sample_note
    .type sample_note, %object
sample_note:
    .asciz "sample of the Jiguang core, not the real one"
    .size sample_note, . - sample_note
