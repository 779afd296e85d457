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
/// `async fn(&Rig)`, and each shape's `Rig::start(shape)` is what they share.
#[macro_export]
macro_rules! on_both_shapes {
    (own: $($test:ident),+ $(,)?) => {
        mod embedded {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test($crate::System::start($crate::Shape::Embedded)).await;
                }
            )+
        }
        mod at_scale {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test($crate::System::start($crate::Shape::AtScale)).await;
                }
            )+
        }
    };
    (on $rig:ident: $($test:ident),+ $(,)?) => {
        mod embedded {
            static RIG: std::sync::LazyLock<super::$rig> =
                std::sync::LazyLock::new(|| super::$rig::start($crate::Shape::Embedded));
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(&RIG).await;
                }
            )+
        }
        mod at_scale {
            static RIG: std::sync::LazyLock<super::$rig> =
                std::sync::LazyLock::new(|| super::$rig::start($crate::Shape::AtScale));
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(&RIG).await;
                }
            )+
        }
    };
    ($($test:ident),+ $(,)?) => {
        mod embedded {
            static SYSTEM: std::sync::LazyLock<$crate::System> =
                std::sync::LazyLock::new(|| $crate::System::start($crate::Shape::Embedded));
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(&SYSTEM).await;
                }
            )+
        }
        mod at_scale {
            static SYSTEM: std::sync::LazyLock<$crate::System> =
                std::sync::LazyLock::new(|| $crate::System::start($crate::Shape::AtScale));
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    super::$test(&SYSTEM).await;
                }
            )+
        }
    };
}
