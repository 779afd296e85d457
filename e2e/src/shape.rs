//! The two shapes that GAPIN runs in, and one suite for both.

/// How GAPIN is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One process, `gapin dev`, with a log and a store in files.
    Embedded,
    /// Gateway and consumers as processes of their own, on Kafka, PostgreSQL and Redis.
    AtScale,
}

/// Runs each of these tests, `async fn(&System)`, on both shapes, on one system per shape that all of a file share;
/// or, after `own:`, `async fn(System)` on a system of its own, which it may break. After `on Rig:` the tests are
/// `async fn(&Rig)`, and each shape's `Rig::start(shape)` is what they share. After `with_mail SETTINGS:` the system that
/// they share has a mail server, and these further settings, a constant of the file.
#[macro_export]
macro_rules! on_both_shapes {
    (own: $($test:ident),+ $(,)?) => {
        mod embedded {
            $crate::on_both_shapes!(@own Embedded: $($test),+);
        }
        mod at_scale {
            $crate::on_both_shapes!(@own AtScale: $($test),+);
        }
    };
    (on $rig:ident: $($test:ident),+ $(,)?) => {
        mod embedded {
            $crate::on_both_shapes!(@shared super::$rig, super::$rig::start($crate::Shape::Embedded); $($test),+);
        }
        mod at_scale {
            $crate::on_both_shapes!(@shared super::$rig, super::$rig::start($crate::Shape::AtScale); $($test),+);
        }
    };
    (with_mail $settings:ident: $($test:ident),+ $(,)?) => {
        mod embedded {
            $crate::on_both_shapes!(
                @shared $crate::System, $crate::System::start_with_mail($crate::Shape::Embedded, super::$settings);
                $($test),+
            );
        }
        mod at_scale {
            $crate::on_both_shapes!(
                @shared $crate::System, $crate::System::start_with_mail($crate::Shape::AtScale, super::$settings);
                $($test),+
            );
        }
    };
    (@own $shape:ident: $($test:ident),+) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test($crate::System::start($crate::Shape::$shape)).await;
            }
        )+
    };
    (@shared $shared:ty, $start:expr; $($test:ident),+) => {
        static SHARED: std::sync::LazyLock<$shared> = std::sync::LazyLock::new(|| $start);
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                super::$test(&SHARED).await;
            }
        )+
    };
    ($($test:ident),+ $(,)?) => {
        mod embedded {
            $crate::on_both_shapes!(
                @shared $crate::System, $crate::System::start($crate::Shape::Embedded); $($test),+
            );
        }
        mod at_scale {
            $crate::on_both_shapes!(
                @shared $crate::System, $crate::System::start($crate::Shape::AtScale); $($test),+
            );
        }
    };
}
