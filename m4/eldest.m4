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

dnl ELDEST_CHECK_RELOCATABLE(FLAG, IF-YES): can $CC make one object of several with FLAG?
AC_DEFUN([ELDEST_CHECK_RELOCATABLE], [
AC_MSG_CHECKING([whether $CC joins objects with $1])
eldest_join=no
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[int joined;]])],
  [AS_IF([$CC $CFLAGS -r -nostdlib $1 -o conftest.joined conftest.$OBJEXT >&AS_MESSAGE_LOG_FD 2>&1],
    [eldest_join=yes])])
rm -f conftest.joined
AC_MSG_RESULT([$eldest_join])
AS_IF([test $eldest_join = yes], [$2])
])
