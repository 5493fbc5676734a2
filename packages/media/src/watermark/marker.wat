;; Adds the mark to a luma plane, sixteen pixels at a time.
;;
;;   luma     u8   rows of `stride` bytes (a multiple of 16), changed in place
;;   carrier  i8   the spread tile, same rows
;;   gain     i16  one row of `stride` values for every `cell` rows of luma
;;
;;   luma += (carrier · gain + 512) >> 10, held to 0…255
(module
  (memory (export "memory") 1)

  (func $shares (param $wide v128) (param $gain v128) (result v128)
    (i16x8.shr_s
      (i16x8.add_sat_s
        (i16x8.mul (local.get $wide) (local.get $gain))
        (v128.const i16x8 512 512 512 512 512 512 512 512))
      (i32.const 10)))

  (func (export "mark")
    (param $luma i32) (param $carrier i32) (param $gain i32)
    (param $stride i32) (param $rows i32) (param $cell i32)
    (local $left i32) (local $end i32) (local $at i32) (local $wave v128)
    (local.set $left (local.get $cell))
    (loop $row
      (local.set $end (i32.add (local.get $luma) (local.get $stride)))
      (local.set $at (local.get $gain))
      (loop $block
        (local.set $wave (v128.load (local.get $carrier)))
        ;; A signed saturating addition on values moved by 128 is what unsigned luma needs.
        (v128.store (local.get $luma)
          (v128.xor
            (v128.const i32x4 0x80808080 0x80808080 0x80808080 0x80808080)
            (i8x16.add_sat_s
              (v128.xor
                (v128.const i32x4 0x80808080 0x80808080 0x80808080 0x80808080)
                (v128.load (local.get $luma)))
              (i8x16.narrow_i16x8_s
                (call $shares
                  (i16x8.extend_low_i8x16_s (local.get $wave))
                  (v128.load (local.get $at)))
                (call $shares
                  (i16x8.extend_high_i8x16_s (local.get $wave))
                  (v128.load offset=16 (local.get $at)))))))
        (local.set $luma (i32.add (local.get $luma) (i32.const 16)))
        (local.set $carrier (i32.add (local.get $carrier) (i32.const 16)))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $block (i32.lt_u (local.get $luma) (local.get $end))))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (if (i32.eqz (local.get $left))
        (then
          (local.set $gain (i32.add (local.get $gain) (i32.shl (local.get $stride) (i32.const 1))))
          (local.set $left (local.get $cell))))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
      (br_if $row (local.get $rows))))

  (func $blend (param $one v128) (param $other v128) (param $share v128) (result v128)
    ;; one + (other − one) · share / 128; the difference of two bytes times 128 needs 16 bits and a sign
    (i16x8.shr_s
      (i16x8.add
        (i16x8.add
          (i16x8.mul
            (local.get $one)
            (i16x8.sub (v128.const i16x8 128 128 128 128 128 128 128 128) (local.get $share)))
          (i16x8.mul (local.get $other) (local.get $share)))
        (v128.const i16x8 64 64 64 64 64 64 64 64))
      (i32.const 7)))

  ;; Blends two carriers of `size` bytes (a multiple of 16): share 0 is `one`, 128 is `other`.
  (func (export "mix")
    (param $target i32) (param $one i32) (param $other i32) (param $size i32) (param $share i32)
    (local $end i32) (local $a v128) (local $b v128) (local $s v128)
    (local.set $end (i32.add (local.get $target) (local.get $size)))
    (local.set $s (i16x8.splat (local.get $share)))
    (loop $block
      (local.set $a (v128.load (local.get $one)))
      (local.set $b (v128.load (local.get $other)))
      (v128.store (local.get $target)
        (i8x16.narrow_i16x8_s
          (call $blend
            (i16x8.extend_low_i8x16_s (local.get $a))
            (i16x8.extend_low_i8x16_s (local.get $b))
            (local.get $s))
          (call $blend
            (i16x8.extend_high_i8x16_s (local.get $a))
            (i16x8.extend_high_i8x16_s (local.get $b))
            (local.get $s))))
      (local.set $target (i32.add (local.get $target) (i32.const 16)))
      (local.set $one (i32.add (local.get $one) (i32.const 16)))
      (local.set $other (i32.add (local.get $other) (i32.const 16)))
      (br_if $block (i32.lt_u (local.get $target) (local.get $end)))))
)
