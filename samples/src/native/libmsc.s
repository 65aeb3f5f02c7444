// libmsc.so: asks for a system property; its name, its exported function, its import
// and its string matter.
    .arch armv8-a
    .text
    .align 2
    .global Java_com_iflytek_msc_MSC_deviceTag
    .type Java_com_iflytek_msc_MSC_deviceTag, %function
Java_com_iflytek_msc_MSC_deviceTag:
    stp x29, x30, [sp, #-16]!
    sub sp, sp, #96
    adr x0, property
    mov x1, sp
    bl __system_property_get
    add sp, sp, #96
    mov x0, #0
    ldp x29, x30, [sp], #16
    ret
    .size Java_com_iflytek_msc_MSC_deviceTag, . - Java_com_iflytek_msc_MSC_deviceTag

    .section .rodata
property:
    .asciz "ro.serialno"
    .global sample_note
    .type sample_note, %object
sample_note:
    .asciz "sample of the speech library, not the real one"
    .size sample_note, . - sample_note
