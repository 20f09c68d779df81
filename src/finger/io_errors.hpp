// The errors of the outer rim of src/finger: image files, records, synthetic
// prints, capture. 5100 to 5199. What is wrong with a picture as a fingerprint
// (too small, blank, no resolution) has its numbers in errors.hpp.
#pragma once

#include "finger/errors.hpp"

namespace urna::finger::errors {

inline constexpr ErrorKind unknown_image_format{5100, "not an image format known here"};
inline constexpr ErrorKind corrupt_image{5101, "the image file is damaged"};
inline constexpr ErrorKind unsupported_image{5102, "kind of image not supported"};
inline constexpr ErrorKind bad_raw_size{5103, "raw pixels do not fit the given size"};
inline constexpr ErrorKind bad_wsq{5110, "not a valid WSQ file"};
inline constexpr ErrorKind bad_image_record{5111, "not a valid finger image record"};

inline constexpr ErrorKind not_minutiae_record{5120, "not a finger minutiae record"};
inline constexpr ErrorKind bad_minutiae_record{5121, "finger minutiae record damaged"};
inline constexpr ErrorKind unencodable_template{5122,
                                                "template does not fit the format"};

inline constexpr ErrorKind no_scanner{5140, "no fingerprint scanner"};
inline constexpr ErrorKind scanner_failed{5141, "the scanner failed"};
inline constexpr ErrorKind scanner_retry{5142, "the finger was not placed well"};
inline constexpr ErrorKind replayed_image{5143, "this image was presented before"};
inline constexpr ErrorKind capture_timeout{5144, "no finger in time"};

inline constexpr ErrorKind bad_synth_request{5160, "synthetic set cannot be made"};

}  // namespace urna::finger::errors
