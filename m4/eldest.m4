dnl SPDX-License-Identifier: ISC
dnl
dnl eldest.m4 - compiler flags, used only if the compiler takes them.

dnl ELDEST_ADD_CFLAGS(VARIABLE, FLAGS): append to VARIABLE each of FLAGS that $CC accepts.
AC_DEFUN([ELDEST_ADD_CFLAGS], [
for eldest_flag in $2; do
  AC_MSG_CHECKING([whether $CC accepts $eldest_flag])
  eldest_saved_cflags=$CFLAGS
  dnl -Werror makes clang refuse a warning that it does not know.
  CFLAGS="$CFLAGS -Werror $eldest_flag"
  AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
    [AC_MSG_RESULT([yes])
     $1="$$1 $eldest_flag"],
    [AC_MSG_RESULT([no])])
  CFLAGS=$eldest_saved_cflags
done
])

dnl ELDEST_CHECK_LINK(FLAGS, IF-YES, IF-NO): can $CC build a program with FLAGS?
AC_DEFUN([ELDEST_CHECK_LINK], [
AC_MSG_CHECKING([whether $CC links with $1])
eldest_saved_cflags=$CFLAGS
CFLAGS="$CFLAGS $1"
AC_LINK_IFELSE([AC_LANG_SOURCE([[int main(void) { return 0; }]])],
  [AC_MSG_RESULT([yes])
   eldest_link=yes],
  [AC_MSG_RESULT([no])
   eldest_link=no])
CFLAGS=$eldest_saved_cflags
AS_IF([test $eldest_link = yes], [$2], [$3])
])
